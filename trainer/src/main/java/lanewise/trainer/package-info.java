/** A trainer of classifiers: what its parts share. */
package lanewise.trainer;
