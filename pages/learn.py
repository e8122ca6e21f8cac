"""The explainer: every topic, or one of them at its own address (`/learn?topic=ptsd`)."""

from ui.learn import topics

topics.draw()
