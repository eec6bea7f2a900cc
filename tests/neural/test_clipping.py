"""Clipping by norm and by value, and the stop at a loss that is no longer a number."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from peephole.neural import clip_by_norm, clip_by_value, gradient_norm, stop_if_diverged
from peephole.neural.errors import DivergedError, NetworkSettingError


def with_gradients(*gradients):
    parameters = [torch.zeros(len(g), requires_grad=True) for g in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = torch.tensor(gradient)
    return [*parameters, torch.zeros(2, requires_grad=True)]  # one without a gradient


def test_by_norm_scales_all_together_and_reports_the_norm_before():
    parameters = with_gradients([3.0, 0.0], [0.0, 4.0])
    report = clip_by_norm(parameters, 1.0)
    assert (report.norm, report.norm_after, report.changed) == (5.0, 1.0, 4)
    torch.testing.assert_close(parameters[0].grad, torch.tensor([0.6, 0.0]))
    torch.testing.assert_close(parameters[1].grad, torch.tensor([0.0, 0.8]))


def test_by_norm_leaves_a_small_gradient_alone():
    parameters = with_gradients([0.3, -0.4])
    report = clip_by_norm(parameters, 0.5001)
    assert report.changed == 0
    assert report.norm == report.norm_after == pytest.approx(0.5)
    assert parameters[0].grad.tolist() == pytest.approx([0.3, -0.4])


def test_by_value_brings_each_element_within_and_reports_the_norm_before():
    parameters = with_gradients([3.0, -4.0, 0.5])
    report = clip_by_value(parameters, 1.0)
    assert parameters[0].grad.tolist() == [1.0, -1.0, 0.5]
    assert report.changed == 2
    assert report.norm == pytest.approx(math.sqrt(25.25))
    assert report.norm_after == pytest.approx(1.5)


@given(st.lists(st.floats(-(2.0**66), 2.0**66, width=32), min_size=1, max_size=6), st.floats(1e-3, 1e3))
def test_agrees_with_torch(values, threshold):
    ours, theirs = with_gradients(values), with_gradients(values)
    report = clip_by_norm(ours, threshold)
    exact = math.sqrt(math.fsum(v * v for v in values))
    assert report.norm == pytest.approx(exact, rel=1e-6)
    scaled = [v * min(1.0, threshold / exact) if exact else v for v in values]
    assert ours[0].grad.tolist() == pytest.approx(scaled, rel=1e-5, abs=1e-30)
    assert gradient_norm(ours) <= threshold * (1 + 1e-5)
    clip_by_value(ours := with_gradients(values), threshold)
    torch.nn.utils.clip_grad_value_(theirs, threshold)
    assert torch.equal(ours[0].grad, theirs[0].grad)


def test_a_single_tensor_and_no_gradient_at_all():
    parameter = with_gradients([3.0, 4.0])[0]
    assert clip_by_norm(parameter, 1.0).norm == 5.0
    assert clip_by_norm([torch.zeros(2, requires_grad=True)], 1.0).norm == 0.0


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_value])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_gradient_that_is_no_number_stops_and_changes_nothing(clip, value):
    parameters = with_gradients([3.0, value])
    with pytest.raises(DivergedError, match="1 elements of the gradients are not finite"):
        clip(parameters, 1.0)
    assert parameters[0].grad[0] == 3.0


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_value])
@pytest.mark.parametrize("threshold", [0, -1.0, math.nan])
def test_thresholds_are_above_zero(clip, threshold):
    with pytest.raises(NetworkSettingError, match="threshold should be above 0"):
        clip(with_gradients([1.0]), threshold)


def test_a_diverged_loss_stops_with_step_norm_and_remedy():
    stop_if_diverged(torch.tensor(0.5), 3)
    with pytest.raises(
        DivergedError, match=r"became nan at step 12. The gradient norm of the last update was 41.5"
    ) as caught:
        stop_if_diverged(torch.tensor(math.nan), 12, 41.5)
    assert "smaller learning rate" in caught.value.remedy
    with pytest.raises(DivergedError, match="became inf at step 0"):
        stop_if_diverged(math.inf, 0)
