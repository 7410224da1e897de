"""All that the browser asks for besides Streamlit's pages.

What costs work is a POST: a browser says with each whose page it comes from.
"""

from starlette.routing import Route

from vae.pages import CLASS, PAGES
from vae.ui.routes import addresses, files, lessons, maps, modules, pupils, teacher, trainings
from vae.ui.routes.heavy import MAPS, QUICK, SLOW, Heavy, job, place
from vae.ui.routes.room import answered

FIRST, *OTHERS = PAGES.values()
HEAVY = {
    "pictures": Heavy(job("picture"), QUICK, 30),
    "preparations": Heavy(job("preparations"), QUICK, 30),
    "examples": Heavy(job("examples"), QUICK, 60),
    "geodesic": Heavy(job("geodesic"), QUICK, 60),
    "mixture": Heavy(job("mixture"), QUICK, 60),
    "export": Heavy(job("export"), QUICK, 60),
    "doctor": Heavy(job("doctor"), SLOW, 120),
    "refine": Heavy(job("refinement"), SLOW, 120),
    "film": Heavy(job("film"), SLOW, 120),
    "umap": Heavy(maps.making, MAPS, 900, maps.existing),
}
ROOM = [
    Route("/join", pupils.join),
    Route("/join/{code}", pupils.join),
    Route("/room/{code}", answered(pupils.look)),
    Route("/room-pictures/{code}", answered(pupils.take_picture), methods=["POST"]),
    Route("/room-predictions/{code}", answered(pupils.take_prediction), methods=["POST"]),
    Route("/teach/{key}", teacher.teach),
    Route(f"/{CLASS.path}", teacher.page),
    Route("/room-events", teacher.Events(), methods=["GET"]),
    Route("/room-acts", answered(teacher.act), methods=["POST"]),
    Route("/room-file", teacher.file),
]
ROUTES = [
    Route("/live/{path:path}", modules.module),
    Route("/models/{name}/{file}", files.model_file),
    Route("/maps/{name}", files.map_file),
    Route(lessons.PATH, lessons.lessons_file),
    Route("/place/{ticket}", place),
    *trainings.ROUTES,
    *(Route(f"/{path}/{{name}}", heavy, methods=["POST"]) for path, heavy in HEAVY.items()),
    *ROOM,
    Route("/", addresses.page),
    Route(f"/{FIRST.path}", addresses.home),
    *(Route(f"/{page.path}", addresses.page) for page in OTHERS),
    Route("/{address:address}", addresses.unknown),
]
