"""The routes: each turns a request into a call and the outcome into a response."""

from rag.api.routes import answers, archive, feedback, operations, pages

ROUTES = [*answers.ROUTES, *archive.ROUTES, *feedback.ROUTES, *operations.ROUTES, *pages.ROUTES]
