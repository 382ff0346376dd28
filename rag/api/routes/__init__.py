"""The routes: each turns a request into a call and the outcome into a response. One module a subject, each with its ROUTES.

/v1/ask ──────────────────────────► answers ──┐
/v1/chat/completions, /v1/models ─► chat ─────┴─► ask ─► rag.answer
/v1/search, /articles, /examples ─► archive ────► live index
/v1/articles/…/page ──────────────► page_views ─► page views
/v1/offices ──────────────────────► offices ────► rag.lookup.offices
/v1/feedback ─────────────────────► feedback ───► feedback store
/v1/documents ────────────────────► documents ──► administration
/health, /ready, /metrics ────────► operations
/docs, /openapi.json ─────────────► docs          Swagger UI over the OpenAPI document
/, /widget.js, /page/… ───────────► pages         the question page and the widget
"""

from rag.api.routes import answers, archive, chat, docs, documents, feedback, offices, operations, page_views, pages

ROUTES = [
    *answers.ROUTES,
    *chat.ROUTES,
    *archive.ROUTES,
    *page_views.ROUTES,
    *offices.ROUTES,
    *documents.ROUTES,
    *feedback.ROUTES,
    *operations.ROUTES,
    *docs.ROUTES,
    *pages.ROUTES,
]
