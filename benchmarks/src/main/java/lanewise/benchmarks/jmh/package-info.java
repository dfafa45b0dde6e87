/** The JMH benchmarks: one class for each facade of the kernels, one method for each of its operations. */
package lanewise.benchmarks.jmh;
