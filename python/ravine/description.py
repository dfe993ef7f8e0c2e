"""What a library says of the optimizers in it, as plain Python values."""

from dataclasses import dataclass

from ravine import contract


@dataclass(frozen=True)
class Hyper:
    """A hyperparameter. `kind` is real, int, bool or enum; an enum's default is the name of a choice. `index_set` is
    group, or model: one value for all groups, or tensor: one for each tensor. `schedule` is the source text of what it
    follows until a value is set, "" where it follows nothing; the default is then what that gives at the first step."""

    name: str
    doc: str
    kind: str
    default: float | int | bool | str
    lower: float
    upper: float
    lower_open: bool
    upper_open: bool
    choices: tuple[str, ...]
    index_set: str
    schedule: str

    def value_of(self, number):
        """The Python value that travels as `number` through the contract."""
        return python_value(self.kind, self.choices, number)


@dataclass(frozen=True)
class State:
    """A state. `index_set` says over what it varies: element, or row, col, channel or block of `block_size` elements, or
    tensor or model: a single number. `storage` is a dtype's name or "compute" where it follows the precision, `condition`
    is the source text of when it exists, "" where it always does."""

    name: str
    doc: str
    index_set: str
    storage: str
    condition: str
    block_size: int


@dataclass(frozen=True)
class Precision:
    """A combination of dtypes that the library was built for."""

    name: str
    parameter: str
    gradient: str
    compute: str


@dataclass(frozen=True)
class Metric:
    """A number that a step computes on its way, for each tensor or for the model, as `index_set` says."""

    name: str
    doc: str
    index_set: str


@dataclass(frozen=True)
class View:
    """A value for each element, computed from parameters and states on demand."""

    name: str
    doc: str


@dataclass(frozen=True)
class OptimizerDescription:
    """One optimizer of a library. Hypers, states, metrics and views are found by name, in the order of the source.
    `nonfinite` is what a step does with gradients that are infinite or NaN: it propagates, skips or refuses them;
    `writes_gradient` says whether it sets gradients to 0."""

    name: str
    doc: str
    citation: str
    hypers: dict[str, Hyper]
    states: dict[str, State]
    requirements: tuple[str, ...]
    precisions: tuple[Precision, ...]
    metrics: dict[str, Metric]
    views: dict[str, View]
    nonfinite: str
    writes_gradient: bool

    def gradient_dtype(self, dtype):
        """The dtype that gradients have beside parameters of a dtype: the same, unless the library was built for another
        one alone."""
        offered = [precision.gradient for precision in self.precisions if precision.parameter == dtype]
        return offered[0] if len(offered) == 1 else dtype


def describe_optimizer(info):
    hypers = [describe_hyper(hyper) for hyper in info.hypers[:info.hyper_count]]
    states = [describe_state(state) for state in info.states[:info.state_count]]
    requirements = info.requirements[:info.requirement_count]
    metrics = [Metric(text(metric.name), text(metric.doc), contract.INDEX_SETS[metric.index_set])
               for metric in info.metrics[:info.metric_count]]
    views = [View(text(view.name), text(view.doc)) for view in info.views[:info.view_count]]
    return OptimizerDescription(
        name=text(info.name), doc=text(info.doc), citation=text(info.citation),
        hypers={hyper.name: hyper for hyper in hypers}, states={state.name: state for state in states},
        requirements=tuple(text(requirement.condition) for requirement in requirements),
        precisions=tuple(describe_precision(one) for one in info.precisions[:info.precision_count]),
        metrics={metric.name: metric for metric in metrics}, views={view.name: view for view in views},
        nonfinite=contract.NONFINITE[info.nonfinite], writes_gradient=bool(info.writes_gradient))


def describe_hyper(info):
    choices = tuple(text(info.choices[index]) for index in range(info.choice_count))
    kind = contract.HYPER_KINDS[info.kind]
    return Hyper(name=text(info.name), doc=text(info.doc), kind=kind,
                 default=python_value(kind, choices, info.default_value), lower=info.lower, upper=info.upper,
                 lower_open=bool(info.lower_open), upper_open=bool(info.upper_open), choices=choices,
                 index_set=contract.INDEX_SETS[info.index_set], schedule=text(info.schedule))


def python_value(kind, choices, number):
    if kind == "enum":
        return choices[int(number)]
    return {"real": float, "int": int, "bool": bool}[kind](number)


def describe_state(info):
    return State(name=text(info.name), doc=text(info.doc), index_set=contract.INDEX_SETS[info.index_set],
                 storage=contract.DTYPE_NAMES[info.storage], condition=text(info.condition),
                 block_size=info.block_size)


def describe_precision(info):
    return Precision(name=text(info.name), parameter=contract.DTYPE_NAMES[info.parameter],
                     gradient=contract.DTYPE_NAMES[info.gradient], compute=contract.DTYPE_NAMES[info.compute])


def text(string):
    return (string or b"").decode()
