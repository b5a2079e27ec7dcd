#pragma once
/*
 * The types of events that engine_evolve knows; the list grows by general words only, because
 * the ledger's hashed bytes depend on it. X(ENUM, name, payload members).
 */
#define EVENT_TABLE(X)                                                                             \
    X(EVENT_CREATED, "created", "campaign procedure state number source? batch? received_number? key? key_of_fields? region fields roles")\
    X(EVENT_MOVED, "moved", "from to")                                                             \
    X(EVENT_FIELD_SET, "field_set", "fields")                                                      \
    X(EVENT_ROLE_SET, "role_set", "role units? people?")                                           \
    X(EVENT_EVIDENCE_ADDED, "evidence_added", "evidence kind sha256 name type bytes taken_at? lat? lon? document?")\
    X(EVENT_OPINION_GIVEN, "opinion_given", "unit verdict text?")                                  \
    X(EVENT_SIGNED, "signed", "unit post as? seal")                                                \
    X(EVENT_CONFIRMED, "confirmed", "what note?")                                                  \
    X(EVENT_CLOCK_STARTED, "clock_started", "clock start length? unit until? roll?")               \
    X(EVENT_CLOCK_PAUSED, "clock_paused", "clock")                                                 \
    X(EVENT_CLOCK_RESUMED, "clock_resumed", "clock")                                               \
    X(EVENT_CLOCK_EXTENDED, "clock_extended", "clock by unit")                                     \
    X(EVENT_CLOCK_STOPPED, "clock_stopped", "clock")                                               \
    X(EVENT_CLOCK_LAPSED, "clock_lapsed", "clock end")                                             \
    X(EVENT_FLAGGED, "flagged", "flag on")                                                         \
    X(EVENT_MEASURE_PROPOSED, "measure_proposed", "step ground units? clock? due? left? …")        \
    X(EVENT_MEASURE_CONFIRMED, "measure_confirmed", "step ground? units? record?")                 \
    X(EVENT_MEASURE_HELD, "measure_held", "step ground? reason? gone?")                            \
    X(EVENT_SCORED, "scored", "rule unit points subject?")                                             \
    X(EVENT_SCORE_REVERSED, "score_reversed", "rule unit points of")                               \
    X(EVENT_DOCUMENT_ISSUED, "document_issued", "document number? to people? copies? issuer? sha256? as_of? corrects? reason?") \
    X(EVENT_DELIVERED, "delivered", "document? to? person? how?")                                  \
    X(EVENT_LINKED, "linked", "case kind as? answer? shows?")                                      \
    X(EVENT_UNLINKED, "unlinked", "case kind")                                                     \
    X(EVENT_REFERRED, "referred", "to what")                                                       \
    X(EVENT_NOTED, "noted", "input? what? charge? kept? voids? …")                                              \
    X(EVENT_WITHDRAWN, "withdrawn", "reason")                                                      \
    X(EVENT_PACK_CHANGED, "pack_changed", "from to state")
