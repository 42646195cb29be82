using Akka.Zab.Client;
using Akka.Zab.History;
using Akka.Zab.Protocol;
using Akka.Zab.Replica;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>The leader deletes containers and znodes with a time to live when they are due.</summary>
public class ReapTests : LeaderTest
{
    [Fact]
    public void What_is_due_is_deleted_by_a_transaction_of_the_leaders_own()
    {
        Settings = Settings with { ReapInterval = Settings.Tick / 2, Rules = new TreeRules { TimeToLive = true } };
        Elect();
        Serve(1);
        OpenSession();
        Submit(
            Self, new Create("/c", null, Acl.Open, CreateMode.Container), Create("/c/child"), Create("/plain"),
            new Create("/t", null, Acl.Open, CreateMode.PersistentWithTtl) { TimeToLiveMs = 10 },
            new Create("/later", null, Acl.Open, CreateMode.PersistentWithTtl) { TimeToLiveMs = 3_600_000 });
        Commit();
        Time.Advance(Settings.Tick / 2);
        Assert.Equal(["/t"], Deleted());
        Commit();

        Submit(Self, new Delete("/c/child"));
        Commit();
        Time.Advance(Settings.Tick / 2);
        Assert.Equal(["/c"], Deleted());
    }

    [Fact]
    public void Between_two_looks_nothing_is_deleted_and_without_the_option_there_is_no_time_to_live()
    {
        Elect();
        Serve(1);
        OpenSession();
        Submit(
            Self, new Create("/c", null, Acl.Open, CreateMode.Container), Create("/c/child"), new Delete("/c/child"),
            new Create("/t", null, Acl.Open, CreateMode.PersistentWithTtl) { TimeToLiveMs = 10 });
        Assert.Equal(
            new ErrorReply(ZabError.Unimplemented), Assert.Single(Replica.ExpectMsg<DeliverAnswers>().Answers).Reply);
        Commit();
        Time.Advance(Settings.Tick / 2);
        Assert.False(Journal.HasMessages);
    }

    private AppendBatch? appended;

    private void Commit()
    {
        var batch = appended ?? Given<AppendBatch>();
        appended = null;
        MakeDurable();
        Acknowledge(1, batch.Batch.LastZxid);
        Replica.ExpectMsg<CommitBatches>();
        Told(1);
    }

    private IEnumerable<string> Deleted()
    {
        appended = Given<AppendBatch>();
        return TxnCodec.Decode(appended.Batch).Select(txn => Assert.IsType<DeleteTxn>(txn.Body).Path);
    }
}
