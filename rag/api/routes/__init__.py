"""The routes: each turns a request into a call and the outcome into a response."""

from rag.api.routes import answers, archive, docs, operations, pages

ROUTES = [*answers.ROUTES, *archive.ROUTES, *operations.ROUTES, *docs.ROUTES, *pages.ROUTES]
