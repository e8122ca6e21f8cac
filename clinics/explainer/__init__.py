"""What is known about the therapy: topics, references, costs, and their check."""

from clinics.explainer.citations import Citations
from clinics.explainer.costs import Course, estimate
from clinics.explainer.files import load_explainer
from clinics.explainer.model import Explainer, Topic
from clinics.explainer.topic_search import topics_about

__all__ = [
    "Citations",
    "Course",
    "Explainer",
    "Topic",
    "estimate",
    "load_explainer",
    "topics_about",
]
