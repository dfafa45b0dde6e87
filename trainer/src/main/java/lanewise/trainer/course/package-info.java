/** The functions of a deep learning course's first homework, on plain arrays. */
package lanewise.trainer.course;
