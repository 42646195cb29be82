using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>What a change of the ensemble is to the tree: the data of one znode.</summary>
public class ReconfigTests
{
    private static readonly byte[] Config = Encoding.UTF8.GetBytes("server.1=a:1:2:participant\nversion=100000002");
    private readonly Edits edits = new();

    [Fact]
    public void It_sets_the_data_of_the_configuration_whose_version_stays_minus_one()
    {
        for (var i = 0; i < 2; i++)
        {
            var reply = Assert.IsType<DataReply>(edits.Do(new ReconfigTxn(Config)));

            Assert.Equal(Config, reply.Data);
            Assert.Equal((edits.Zxid, -1, Config.Length),
                (reply.Stat.ModifiedZxid, reply.Stat.Version, reply.Stat.DataLength));
            Assert.Equal(edits.StatOf(PathRules.Config), reply.Stat);
        }
    }

    [Fact]
    public void It_fires_the_data_watches_of_the_configuration()
    {
        var watches = new WatchTable();
        watches.Add(WatchKind.Data, PathRules.Config, 1);
        var fired = new List<FiredWatch>();

        watches.Fire(new LoggedTxn(new TxnHeader(5, 0, 0, 0), new ReconfigTxn(Config)), fired);

        Assert.Equal(
            (WatchEventType.NodeDataChanged, PathRules.Config, 5),
            (Assert.Single(fired).Event.Type, fired[0].Event.Path, fired[0].Event.Zxid));
    }

    [Fact]
    public void Its_batch_is_told_from_others_without_decoding_it()
    {
        Assert.True(TxnCodec.IsReconfig(BatchOf(new ReconfigTxn(Config))));
        Assert.False(TxnCodec.IsReconfig(BatchOf(new DeleteTxn("/a"))));
        Assert.False(TxnCodec.IsReconfig(BatchOf(new SetDataTxn("/a", Config, 10))));
        Assert.False(TxnCodec.IsReconfig(BatchOf(new DeleteTxn("/a"), new DeleteTxn("/b"))));
        Assert.Equal(
            Config, Assert.IsType<ReconfigTxn>(TxnCodec.Decode(BatchOf(new ReconfigTxn(Config)))[0].Body).Config);
    }

    [Fact]
    public void The_requests_about_the_ensemble_come_back_as_they_were()
    {
        WriteRequest[] requests =
        [
            new Reconfigure("server.4=d:1:2", "1,2", null, 7), new Reconfigure(null, null, "all"),
            new TransferLeadership(3),
        ];
        var encoder = new RequestEncoder();
        foreach (var request in requests)
            encoder.Add(1, 2, request);

        Assert.Equal(requests, RequestCodec.Decode(encoder.Finish(), (_, _, request, _, _) => request));
    }

    [Fact]
    public void Whoever_may_write_to_the_configuration_may_change_the_ensemble()
    {
        Assert.False(Preparation.MayReconfigure(edits.Edit, Identities.None));
        Assert.True(Preparation.MayReconfigure(
            edits.Edit, Identities.None.With(new Identity(Identities.Super, ""))));
    }

    private static TxnBatch BatchOf(params Txn[] txns)
    {
        var encoder = new BatchEncoder();
        foreach (var txn in txns)
            encoder.Add(new LoggedTxn(new TxnHeader(0x1_0000_0002 + encoder.Count, 99, 1, 2), txn));
        return encoder.Finish();
    }
}
