"""Learners, predictors and scorers: scikit-learn behind typed nodes. Missing values and categories are handled inside."""
