package lanewise.trainer.cli;

import lanewise.trainer.data.Dataset;

/**
 * What a run learns and what it is measured by, both scaled alike.
 *
 * @param train the rows to learn
 * @param test the rows of the table's Test
 */
record TrainingData(Dataset train, Dataset test) {}
