"""One light for each blog, always in its place."""

from dataclasses import replace

from api.sky import lights
from tests.api.meadow import CHAINE, NUIT, VIEUX


def test_a_blog_keeps_its_place_whatever_the_list() -> None:
    alone, among = lights([NUIT]), lights([VIEUX, CHAINE, NUIT])
    assert alone[0] == among[2]
    assert len({(light.x, light.y) for light in among}) == 3


def test_every_light_is_inside_the_meadow() -> None:
    for light in lights(replace(NUIT, id=f"blog-{number}") for number in range(500)):
        assert 0 < light.x < 100
        assert 0 < light.y < 90


def test_more_articles_shine_wider_and_only_the_living_flicker() -> None:
    small, large, dead = lights([replace(NUIT, articles=0), replace(NUIT, articles=900), replace(NUIT, state="failed")])
    assert small.radius < large.radius
    assert (large.alive, dead.alive, dead.rhythm) == (True, False, 0)


def test_many_lights_are_small_ones() -> None:
    """However many they are, together they cover no more of the meadow than eighty do."""

    def covered(count: int) -> float:
        return sum(light.radius**2 for light in lights(replace(NUIT, id=f"blog-{number}") for number in range(count)))

    assert covered(20) < covered(80)
    assert abs(covered(300) / covered(80) - 1) < 0.05
