"""Everything that travels between server and browser over HTTP, as models. From these `ui/src/api/generated.ts` is made.

Of what is answered every field is present; of what is asked, fields with a default may be left out. Tables travel as Arrow.
The messages of the websocket are in `messages.py`.
"""
