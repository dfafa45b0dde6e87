/** The one source of random numbers. */
package lanewise.trainer.random;
