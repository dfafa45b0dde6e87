/**
 * The JMH benchmarks: one class for each facade of the kernels, one method for each of its operations; then what the trainer
 * does with them.
 */
package lanewise.benchmarks.jmh;
