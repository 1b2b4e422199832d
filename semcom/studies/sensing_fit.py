"""Whether an estimator and metrics fit what is measured."""

from collections.abc import Sequence

from semcom.errors import UserError
from semcom.sensing_metrics import SensingMetric
from semcom_estimation.sensing import SensingEstimator
from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.signal_model import SignalModel


def check_sensing(
    model: SignalModel,
    targets: int,
    estimator: SensingEstimator,
    metrics: Sequence[SensingMetric],
    known_order: bool,
) -> None:
    """Raises UserError for parts that do not fit the model or that many targets."""
    said = estimator.check(model)
    if said is not None:
        raise UserError(f"{estimator.kind}: {said}")
    for metric in metrics:
        said = metric.check(model, targets)
        if said is not None:
            raise UserError(f"{metric.kind}: {said}")
    if isinstance(estimator, Estimator):
        _check_number(model, targets, estimator, known_order)


def _check_number(model: SignalModel, targets: int, estimator: Estimator, known_order: bool) -> None:
    if not known_order:
        if estimator.needs_number:
            raise UserError(f"{estimator.kind} needs the number of targets; set known_order: true")
        return
    limit = estimator.most_targets(model)
    if targets > limit:
        raise UserError(f"{estimator.kind} tells at most {limit} targets apart on {model.shape}")
