/**
 * Models: their architecture, their layers, what they predict, and their files.
 *
 * <p>Seen from outside, tensors have the names and shapes of PyTorch's {@code nn.Sequential}: {@code 0.weight} of shape
 * [outputs, inputs] and {@code 0.bias}, then {@code 2.weight}, since every ReLU takes a number too.
 */
package lanewise.trainer.model;
