"""`make docs`: write every generated file that differs from the code, and delete obsolete pages."""

from __future__ import annotations

from .generated import ROOT, generated, obsolete


def main() -> None:
    """Print each file that changed, or that nothing did."""
    changed = 0
    for path, text in generated().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"Updated {path.relative_to(ROOT)}")
            changed += 1
    for path in obsolete():
        path.unlink()
        print(f"Deleted {path.relative_to(ROOT)}")
        changed += 1
    if not changed:
        print("All generated documents are up to date.")


if __name__ == "__main__":
    main()
