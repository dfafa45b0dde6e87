/** Mini-batch SGD: the recipe, one step of it, and the loop around. */
package lanewise.trainer.train;
