using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Simulation.Checking;

/// <summary>The tree after each transaction, with the transactions themselves.</summary>
internal sealed class CommittedHistory
{
    private readonly Dictionary<long, int> indexes = new() { [0] = 0 };
    private readonly List<ZnodeTree> trees = [ZnodeTree.Empty];
    private readonly List<Reply> replies = [DoneReply.Instance];

    public CommittedHistory(IReadOnlyList<Committed> committed)
    {
        Txns = committed;
        var edit = ZnodeTree.Empty.Edit();
        foreach (var entry in committed)
        {
            replies.Add(edit.Apply(entry.Txn));
            trees.Add(edit.Commit());
            indexes.Add(entry.Txn.Header.Zxid, trees.Count - 1);
        }
    }

    public IReadOnlyList<Committed> Txns { get; }

    /// <summary>How many transactions there are.</summary>
    public int Count => Txns.Count;

    /// <summary>How many transactions there are up to and including this one; -1 if it is none of them.</summary>
    public int IndexOf(long zxid) => indexes.GetValueOrDefault(zxid, -1);

    /// <summary>The tree after so many transactions.</summary>
    public ZnodeTree Tree(int index) => trees[index];

    /// <summary>What the transaction that is the so manieth answers.</summary>
    public Reply Reply(int index) => replies[index];

    /// <summary>The transaction that is the so manieth, from 1.</summary>
    public Committed Txn(int index) => Txns[index - 1];
}
