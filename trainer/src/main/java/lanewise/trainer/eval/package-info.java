/** How well a model does. */
package lanewise.trainer.eval;
