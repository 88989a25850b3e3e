"""A flow as a Mermaid diagram, in which the hop that stops it is marked.

https://mermaid.js.org/syntax/flowchart.html (from memory)
"""

from __future__ import annotations

from .flow import FlowResult
from .hop import Verdict

_CLASS = {Verdict.PASS: "pass", Verdict.FAIL: "fail", Verdict.UNKNOWN: "unknown"}


def mermaid(result: FlowResult) -> str:
    """Return a flowchart of a flow: one node for each hop, and the destination, dashed if it is not reached."""
    lines = ["flowchart LR", f'  source(["{_text(result.flow.source)}"])']
    previous = "source"
    for number, hop in enumerate(result.hops):
        node = f"hop{number}"
        resource = f"<br/>{_text(hop.resource)}" if hop.resource else ""
        reason = f"<br/>{_text(hop.reason)}" if not hop.passed else ""
        lines.append(f'  {node}["{_text(hop.name)}{resource}{reason}"]:::{_CLASS[hop.verdict]}')
        lines.append(f"  {previous} --> {node}")
        previous = node
    lines.append(f'  target(["{_text(result.flow.target)}"])')
    lines.append(f"  {previous} {'-->' if result.verdict is Verdict.PASS else '-.-x'} target")
    lines += [
        "  classDef pass stroke:#2e7d32",
        "  classDef fail stroke:#c62828,stroke-width:4px",
        "  classDef unknown stroke:#f9a825,stroke-dasharray:4",
    ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "#quot;").replace("<", "&lt;").replace(">", "&gt;")
