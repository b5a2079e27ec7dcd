/*
 * Who comes takes the one that was laid down last: its caches are warm, and the others age together.
 */
#include <pthread.h>
#include <stdlib.h>

#include "kit/db_int.h"

enum { SHELF_MAX = 8 };

struct db_shelf {
    pthread_mutex_t lock; /* guards the rest */
    struct db_conn *first;
    int count;
};

struct db_shelf *db_shelf_new(void)
{
    struct db_shelf *shelf = calloc(1, sizeof *shelf);
    must(shelf != NULL);
    must(pthread_mutex_init(&shelf->lock, NULL) == 0);
    return shelf;
}

static struct db_conn *take_first(struct db_shelf *shelf)
{
    pthread_mutex_lock(&shelf->lock);
    struct db_conn *conn = shelf->first;
    if (conn != NULL) {
        shelf->first = conn->next;
        shelf->count--;
    }
    pthread_mutex_unlock(&shelf->lock);
    return conn;
}

struct db_conn *db_shelf_take(struct db_shelf *shelf)
{
    struct db_conn *conn;
    while ((conn = take_first(shelf)) != NULL && !conn->driver->is_well(conn))
        db_conn_free(conn);
    return conn;
}

bool db_shelf_keep(struct db_shelf *shelf, struct db_conn *conn)
{
    pthread_mutex_lock(&shelf->lock);
    bool fits = shelf->count < SHELF_MAX;
    if (fits) {
        conn->next = shelf->first;
        shelf->first = conn;
        shelf->count++;
    }
    pthread_mutex_unlock(&shelf->lock);
    return fits;
}

void db_shelf_free(struct db_shelf *shelf)
{
    struct db_conn *conn;
    while ((conn = take_first(shelf)) != NULL)
        db_conn_free(conn);
    must(pthread_mutex_destroy(&shelf->lock) == 0);
    free(shelf);
}
