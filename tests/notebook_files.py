"""Small notebooks for tests of running them."""

import json


def book(path, *cells, parameters='quarter = "2025Q3"  # 季度\nn_rows = 5  # 行数\nis_short = False  # 是否简短'):
    """A notebook file with a title, a parameters cell and the given code cells."""
    plain = {"execution_count": None, "outputs": []}
    made = [{"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# 试验"}]
    made.append({"cell_type": "code", "id": "p", "metadata": {"tags": ["parameters"]}, "source": parameters, **plain})
    made += [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": text, **plain} for i, text in enumerate(cells)]
    kernel = {"kernelspec": {"name": "nowhere", "display_name": "nowhere", "language": "python"}}
    path.write_text(json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path
