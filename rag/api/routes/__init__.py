"""The routes: each turns a request into a call and the outcome into a response."""

from rag.api.routes import answers, archive, chat, docs, documents, feedback, operations, pages

ROUTES = [
    *answers.ROUTES,
    *chat.ROUTES,
    *archive.ROUTES,
    *documents.ROUTES,
    *feedback.ROUTES,
    *operations.ROUTES,
    *docs.ROUTES,
    *pages.ROUTES,
]
