/**
 * Files and what stands in them, whatever it means: files that are written whole or not at all, the heap that their content
 * takes, numbers as text, JSON, and the tensor format of the models.
 */
package lanewise.trainer.io;
