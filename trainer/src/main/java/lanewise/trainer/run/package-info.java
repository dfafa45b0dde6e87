/** Runs that can be interrupted: a folder that keeps what a training has reached, and the way back into it. */
package lanewise.trainer.run;
