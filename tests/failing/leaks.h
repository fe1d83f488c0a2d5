/*
 * leaks.h - whose fault is a block that nobody has freed?
 */
#ifndef LEAKS_H
#define LEAKS_H

/* After a traced counting in which one allocation failed. Returns the first live block that is not a known leak of a
   library's own, in words; NULL: there is none. The known ones are counted for leaks_print. */
const char *leaks_find(void);

/* Prints which known leaks were met, and how often. */
void leaks_print(void);

#endif
