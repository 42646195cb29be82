using Akka.Actor;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol.InProcess;

/// <summary>
/// Stands for the replica and the session registry: applies commits and remembers everything it was told.
/// </summary>
internal sealed class ModelReplica(Server server) : UntypedActor
{
    private ZnodeTree tree = ZnodeTree.Empty;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ResetReplica reset:
                tree = reset.Tree;
                server.Tree = tree;
                break;
            case CommitBatches commit:
                foreach (var batch in commit.Batches)
                    Apply(batch);
                server.Tree = tree;
                break;
            case GetTree:
                Sender.Tell(new TreeSnapshot(tree));
                break;
            case DeliverAnswers deliver:
                foreach (var answer in deliver.Answers)
                    server.Answered(answer);
                break;
            case ServingChanged changed:
                server.Serving = changed;
                break;
        }
    }

    private void Apply(TxnBatch batch)
    {
        Assert.True(Zxid.Follows(batch.FirstZxid, tree.LastZxid), "commits have no gap");
        var edit = tree.Edit();
        foreach (var txn in TxnCodec.Decode(batch))
        {
            edit.Apply(txn);
            server.Delivered(txn.Header);
        }

        tree = edit.Commit();
    }
}
