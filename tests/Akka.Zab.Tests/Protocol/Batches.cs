using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Batches that nobody decodes.</summary>
internal static class Batches
{
    public const int BatchBytes = 10;

    /// <summary>Transactions <paramref name="first"/> to <paramref name="last"/> of an epoch.</summary>
    public static TxnBatch Batch(int epoch, uint first, uint last) =>
        new(Zxid.Of(epoch, first), Zxid.Of(epoch, last), new byte[BatchBytes]);

    public static TxnLog Log(params TxnBatch[] batches)
    {
        var log = new TxnLog(long.MaxValue);
        foreach (var batch in batches)
            log.Append(batch);
        return log;
    }
}
