package lanewise.trainer.train;

/**
 * How an epoch went. Losses and errors are those of the whole set with the weights at the epoch's end.
 *
 * @param epoch which epoch, from 1
 * @param trainLoss mean cross-entropy of the training set
 * @param trainError share of the training set that is misclassified
 * @param testLoss mean cross-entropy of the test set
 * @param testError share of the test set that is misclassified
 * @param learningRate the learning rate of the epoch's last step
 * @param seconds how long the training pass took, evaluation excluded
 * @param samplesPerSecond rows of the training set divided by seconds
 */
public record EpochReport(
        int epoch,
        double trainLoss,
        double trainError,
        double testLoss,
        double testError,
        float learningRate,
        double seconds,
        double samplesPerSecond) {}
