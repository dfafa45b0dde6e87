/** Data sets: what they hold and how they are read. */
package lanewise.trainer.data;
