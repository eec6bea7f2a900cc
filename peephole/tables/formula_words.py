"""The functions a formula may use: all work on one row, give the same result each time, and touch nothing outside.

The user guide lists them from here.
"""

from __future__ import annotations

FUNCTIONS: dict[str, str] = {
    "Numbers": "abs ceil ceiling floor round round_even trunc sign sqrt cbrt exp ln log log2 log10 pow power mod fmod "
    "greatest least sin cos tan cot asin acos atan atan2 sinh cosh tanh degrees radians pi gcd lcm factorial even "
    "isnan isinf isfinite bit_count xor",
    "Text": "upper lower ucase lcase length len strlen trim ltrim rtrim left right substr substring replace concat concat_ws "
    "contains starts_with ends_with prefix suffix position strpos instr lpad rpad repeat reverse split_part string_split "
    "str_split regexp_matches regexp_full_match regexp_replace regexp_extract regexp_extract_all translate ascii chr "
    "unicode ord format printf strip_accents levenshtein jaccard jaro_similarity jaro_winkler_similarity hamming "
    "damerau_levenshtein md5 sha256 url_encode url_decode bin hex to_base64 like_escape",
    "Dates and times": "year quarter month week day hour minute second millisecond microsecond dayofweek isodow weekday "
    "dayofmonth dayofyear weekofyear yearweek isoyear century decade era dayname monthname last_day date_trunc datetrunc "
    "date_part datepart extract date_diff datediff date_sub datesub date_add make_date make_time make_timestamp epoch "
    "epoch_ms epoch_us strftime strptime try_strptime age time_bucket to_years to_months to_weeks to_days to_hours "
    "to_minutes to_seconds to_milliseconds to_timestamp",
    "Conditions": "if iff ifnull coalesce nullif case nvl try",
    "Types": "cast try_cast typeof",
    "Lists and structs": "list_value array_length list_contains list_has list_position list_sum list_avg list_min list_max "
    "list_count list_distinct list_unique list_sort list_reverse list_concat list_slice list_extract list_element "
    "array_to_string list_aggregate flatten struct_pack struct_extract row range generate_series cardinality map map_keys "
    "map_values array_value array_cosine_similarity array_inner_product array_distance",
}

ALLOWED = frozenset(name for names in FUNCTIONS.values() for name in names.split())

# Words that may stand before a parenthesis without being functions.
_KEYWORDS = """
and or not in is like ilike similar between case when then else end as from for to by interval
date timestamp time decimal numeric varchar char struct distinct escape
"""
KEYWORDS = frozenset(_KEYWORDS.split())

# What people try first, and what helps instead.
INSTEAD = {
    **dict.fromkeys(["sum", "avg", "mean", "min", "max", "count", "median", "stddev"], "Use the Group by node."),
    **dict.fromkeys(["random", "uuid", "gen_random_uuid"], "Use a node with a seed, so that runs can be repeated."),
    **dict.fromkeys(["now", "today", "current_date"], "Write the date out, so that runs can be repeated."),
    **dict.fromkeys(["read_csv", "read_parquet", "read_json", "read_text", "glob"], "Use a reader node."),
}
