/** Files that are written whole or not at all, and the tensor format of the models. */
package lanewise.trainer.io;
