"""scikit-learn's ``n_jobs`` on the backend: the answers of every other backend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import joblib
import numpy as np
import pytest
import sklearn
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import BaggingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.utils.parallel import Parallel, delayed

import manycore  # noqa: F401, it registers the backend

# Large enough that each array is shared (8 MB), and quick enough to fit.
X, Y = make_classification(20_000, 50, n_informative=10, n_classes=3, random_state=0)
SMALL_X, SMALL_Y = X[:400], Y[:400]
REGRESSION_X, REGRESSION_Y = make_regression(400, 10, noise=1.0, random_state=0)


def cross_validate() -> Any:
    return cross_val_score(LogisticRegression(max_iter=20, tol=0.1), X, Y, cv=4, n_jobs=2)


def predict_in_folds() -> Any:
    return cross_val_predict(
        RandomForestClassifier(5, random_state=0), SMALL_X, SMALL_Y, cv=3, n_jobs=2
    )


def search() -> Any:
    grid = {"C": [0.1, 1.0, 10.0], "fit_intercept": [True, False]}
    found = GridSearchCV(LogisticRegression(max_iter=500), grid, cv=3, n_jobs=2)
    found.fit(SMALL_X, SMALL_Y)
    scores = found.cv_results_["mean_test_score"]
    return np.concatenate([scores, found.best_estimator_.coef_.ravel(), [found.best_params_["C"]]])


def grow_a_forest() -> Any:
    forest = RandomForestClassifier(20, max_depth=4, random_state=0, n_jobs=2).fit(X, Y)
    forest.n_jobs = 1  # threads would add the trees' predictions in the order of chance
    return np.concatenate([forest.predict_proba(X[:100]).ravel(), forest.feature_importances_])


def grow_a_forest_for_regression() -> Any:
    forest = RandomForestRegressor(20, random_state=0, n_jobs=2, oob_score=True)
    return forest.fit(REGRESSION_X, REGRESSION_Y).oob_prediction_


def grow_forests_within_a_search() -> Any:
    forest = RandomForestClassifier(5, random_state=0, n_jobs=2)
    found = GridSearchCV(forest, {"max_depth": [2, 4]}, cv=3, n_jobs=2).fit(SMALL_X, SMALL_Y)
    return found.cv_results_["mean_test_score"]


def bag() -> Any:
    bagged = BaggingRegressor(n_estimators=10, random_state=0, n_jobs=2)
    bagged.fit(REGRESSION_X, REGRESSION_Y).n_jobs = 1  # as above, with sums of two halves
    return bagged.predict(REGRESSION_X)


def permute() -> Any:
    forest = RandomForestRegressor(5, random_state=0).fit(REGRESSION_X, REGRESSION_Y)
    permuted = permutation_importance(
        forest, REGRESSION_X, REGRESSION_Y, n_repeats=3, random_state=0, n_jobs=2
    )
    return permuted.importances


def go_on_with_what_came_back() -> Any:
    # What workers have fitted is fitted further in this process, which changes its arrays.
    several = OneVsRestClassifier(SGDClassifier(random_state=0), n_jobs=2).fit(SMALL_X, SMALL_Y)
    several.partial_fit(SMALL_X, SMALL_Y)
    return np.concatenate([estimator.coef_ for estimator in several.estimators_])


TASKS = [
    cross_validate,
    predict_in_folds,
    search,
    grow_a_forest,
    grow_a_forest_for_regression,
    grow_forests_within_a_search,
    bag,
    permute,
    go_on_with_what_came_back,
]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_the_answers_are_those_of_loky_and_of_no_backend(task: Callable[[], Any]) -> None:
    answers = {}
    for backend in ("sequential", "loky", "manycore"):
        with joblib.parallel_config(backend=backend):
            answers[backend] = task()
    np.testing.assert_array_equal(answers["manycore"], answers["sequential"])
    np.testing.assert_array_equal(answers["manycore"], answers["loky"])


def configured() -> bool:
    return bool(sklearn.get_config()["assume_finite"])


def test_workers_have_the_callers_configuration() -> None:
    with joblib.parallel_config(backend="manycore", n_jobs=2):
        assert Parallel()(delayed(configured)() for _ in range(4)) == [False] * 4
        with sklearn.config_context(assume_finite=True):
            assert Parallel()(delayed(configured)() for _ in range(4)) == [True] * 4
