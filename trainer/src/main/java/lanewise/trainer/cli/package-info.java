/**
 * The command line. {@link lanewise.trainer.cli.Main} finds the command that the first word names and has it run.
 *
 * <ul>
 *   <li>Commands: {@code TrainCommand}, {@code CvCommand} and the like, each a {@code Command}. {@code DescribeCommand} is a
 *       verb of {@code DataCommand}, as those nested in it are.
 *   <li>Words: an {@code Option} says itself what values it takes, so that a wrong one is refused the same way everywhere,
 *       before anything is read or written; {@code Arguments} are what was typed. {@code DataOptions}, {@code ModelOptions},
 *       {@code RecipeOptions} and {@code RunOptions} with {@code Preset} and {@code RunConfig} are shared by commands.
 *   <li>Files: {@code DataFiles} and {@code TakenFiles} see that nothing is written over; {@code SavedModel}.
 *   <li>Data to learn: {@code TrainingDataReader} makes {@code TrainingData}, {@code FoldedData} those of each fold;
 *       {@code Packing} writes {@code PackedFiles} where {@code TrainingMemory} says that the heap is too small.
 *   <li>Output: {@code Console} for stdout (results) and stderr (notices, errors, {@code ProgressBar}); {@code Text} and
 *       {@code EpochTable} for people, {@code JsonOutput} and {@code EpochLog} for programs, {@code PredictionStream} for
 *       predictions.
 *   <li>The first second and the last: {@code WarmUpGuess}, {@code Signals}.
 * </ul>
 */
package lanewise.trainer.cli;
