using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Batches of transactions that change nothing.</summary>
internal static class Batches
{
    /// <summary>The length of a batch of one transaction.</summary>
    public static readonly int BatchBytes = Batch(1, 1, 1).Bytes.Length;

    /// <summary>Transactions <paramref name="first"/> to <paramref name="last"/> of an epoch.</summary>
    public static TxnBatch Batch(int epoch, uint first, uint last)
    {
        var encoder = new BatchEncoder();
        for (var i = first; i <= last; i++)
            encoder.Add(new LoggedTxn(new TxnHeader(Zxid.Of(epoch, i), 0, 1, 1), new CloseSessionTxn([])));
        return encoder.Finish();
    }

    public static TxnLog Log(params TxnBatch[] batches)
    {
        var log = new TxnLog(long.MaxValue);
        foreach (var batch in batches)
            log.Append(batch);
        return log;
    }
}
