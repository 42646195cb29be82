namespace Akka.Zab.History;

/// <summary>What a history, in memory or in a journal, has for a learner.</summary>
/// <param name="Floor">
/// The greatest end of a batch that is not after the learner's last transaction; -1 if the history does not go back so
/// far.
/// </param>
/// <param name="Rows">How many batches come after it.</param>
/// <param name="Bytes">How many bytes they have.</param>
internal readonly record struct HistoryExtent(long Floor, long Rows, long Bytes)
{
    /// <summary>The history does not go back so far.</summary>
    public static HistoryExtent None => new(-1, 0, 0);

    public bool Exists => Floor >= 0;
}
