#include "engine/place.h"

static bool lies_in(const struct engine *engine, const struct regime_place *place, struct str region)
{
    const struct engine_world *world = &engine->world;
    for (size_t i = 0; i < place->code_count; i++)
        if (world->region_is_within(world->self, region, place->codes[i]))
            return true;
    return false;
}

const struct regime_place *place_find(const struct engine *engine, struct str region)
{
    const struct regime *regime = engine->regime;
    const struct regime_place *found = NULL;
    for (size_t i = 0; i < regime->place_count; i++) {
        const struct regime_place *place = &regime->places[i];
        bool is_area = !str_is_empty(place->belongs_to);
        if ((found == NULL || is_area) && lies_in(engine, place, region))
            found = place;
    }
    return found;
}

/* clause: S1-1.2.2 */
struct str place_home(const struct engine *engine, struct str region)
{
    const struct regime_place *place = place_find(engine, region);
    if (place == NULL || str_is_empty(place->belongs_to))
        return region;
    const struct value *chosen = engine_setting(engine, place->belongs_to);
    return chosen != NULL && chosen->kind == VALUE_TEXT ? chosen->text : place->belongs_to;
}
