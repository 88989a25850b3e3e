"""What CodePipeline checks of the structure of a pipeline: stages, actions and artifacts."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Plain, Rejection, Stage, rule
from .service_references import token
from .sources import sdk, unread

_STRUCTURE = "InvalidStructureException"


@rule("pipeline-structure", Stage.PLAN, source=unread("codepipeline", "CreatePipeline: InvalidStructureException"))
def _structure(call: Call) -> Iterator[Rejection]:
    produced: set[Plain] = set()
    stages = call.get("stages")
    if not isinstance(stages, list) or any(not isinstance(each, dict) for each in stages):
        return
    names = [each.get("name") for each in stages]
    for name in {each for each in names if isinstance(each, str) and names.count(each) > 1}:
        yield Rejection("stages", f"the stage name {name} is given twice. Stage names are unique.", _STRUCTURE)
    for index, stage in enumerate(stages):
        actions = [each for each in stage.get("actions") or () if isinstance(each, dict)]
        titles = [each.get("name") for each in actions]
        for name in {each for each in titles if isinstance(each, str) and titles.count(each) > 1}:
            yield Rejection(f"stages[{index}].actions", f"the action name {name} is given twice.", _STRUCTURE)
        made: set[Plain] = set()
        for number, action in enumerate(sorted(actions, key=_order)):
            at = f"stages[{index}].actions[{number}]"
            source = action.get("category") == "Source"
            if action.get("category") is not UNKNOWN and source != (index == 0):
                yield Rejection(
                    f"{at}.category",
                    "the first stage must have source actions only, and no other stage may have one"
                    f" (got {action.get('category')} in stage {index + 1}).",
                    _STRUCTURE,
                )
            for artifact in action.get("inputArtifacts") or ():
                if artifact is not UNKNOWN and artifact not in produced | made:
                    yield Rejection(
                        f"{at}.inputArtifacts", f"no earlier action has the output artifact {artifact}.", _STRUCTURE
                    )
            for artifact in action.get("outputArtifacts") or ():
                if artifact is not UNKNOWN and artifact in produced | made:
                    yield Rejection(
                        f"{at}.outputArtifacts", f"an earlier action has the output artifact {artifact}.", _STRUCTURE
                    )
                made.add(artifact)
            if action.get("owner") == "AWS" and action.get("provider") == "CodeBuild" and not action.get(
                "inputArtifacts"
            ):  # fmt: skip
                yield Rejection(f"{at}.inputArtifacts", "an action of CodeBuild needs an input artifact.", _STRUCTURE)
        produced |= made


def _order(action: dict[str, Plain]) -> float:
    order = action.get("runOrder")
    return float(order) if isinstance(order, (int, float)) else 1.0


@rule("one-store-or-one-for-each-region", Stage.PLAN, source=unread("codepipeline", "CreatePipeline: artifactStores"))
def _stores(call: Call) -> Iterator[Rejection]:
    stores = call.get("artifactStores")
    if isinstance(stores, list) and len(stores) == 1 and isinstance(stores[0], dict) and stores[0].get("region"):
        yield Rejection("artifactStores[0].region", "it must not be set for a single artifact store.", _STRUCTURE)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=token("codepipeline.Pipeline"), source=sdk("codepipeline/pipeline"), rules=(_structure, _stores)),
)
