using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Who decides, as a server's history has it.</summary>
public class MembershipTests
{
    private readonly List<long> learned = [];
    private readonly Membership membership;

    public MembershipTests() =>
        membership = new Membership(
            new Ensemble([Voter(1), Voter(2), Voter(3)]), true, ensemble => learned.Add(ensemble.Version));

    [Fact]
    public void Until_a_change_is_committed_both_ensembles_decide_together_then_the_new_one_alone()
    {
        membership.Append(Change(1, 5, 3, 4, 5));

        Assert.False(membership.IsSettled);
        Assert.Equal(new ServerSet(1, 2, 3, 4, 5), membership.Voters);
        Assert.False(Decide(1, 2, 3));
        Assert.False(Decide(3, 4, 5));
        Assert.True(Decide(1, 3, 4));
        Assert.True(Decide(1, 2, 4, 5));
        Assert.True(membership.Active.Has(1));
        Assert.False(membership.Active.Has(4));

        membership.Commit(Zxid.Of(1, 4));
        Assert.False(membership.IsSettled);
        membership.Commit(Zxid.Of(1, 5));
        Assert.True(membership.IsSettled);
        Assert.True(Decide(4, 5));
        Assert.False(Decide(1, 2, 3));
        Assert.Equal(new ServerSet(3, 4, 5), membership.Voters);
        Assert.Equal(Zxid.Of(1, 5), membership.Active.Version);
        Assert.Equal([0, Zxid.Of(1, 5)], learned);
    }

    [Fact]
    public void That_a_change_in_the_history_is_committed_another_server_may_know()
    {
        membership.Append(Change(1, 5, 4, 5, 6));

        Assert.False(membership.Settle(Zxid.Of(1, 4)));
        Assert.False(membership.Settle(Zxid.Of(1, 9)));
        Assert.False(Decide(4, 5, 6));
        Assert.True(membership.Settle(Zxid.Of(1, 5)));
        Assert.True(Decide(4, 5));
        Assert.False(membership.Settle(Zxid.Of(1, 5)));
    }

    [Fact]
    public void A_change_that_is_cut_off_the_history_never_was()
    {
        membership.Append(Change(1, 5, 4, 5, 6));
        membership.TruncateTo(Zxid.Of(1, 4));

        Assert.True(membership.IsSettled);
        Assert.True(Decide(1, 2));
        Assert.False(Decide(4, 5, 6));
    }

    [Fact]
    public void Of_several_changes_the_last_may_be_uncommitted_the_one_before_it_is_not()
    {
        membership.Append(Change(1, 5, 4, 5, 6));
        membership.Append(Change(1, 9, 7, 8, 9));

        Assert.False(Decide(7, 8, 9));
        Assert.True(Decide(4, 5, 7, 8));
        membership.Commit(Zxid.Of(1, 9));
        Assert.True(Decide(7, 8));
    }

    [Fact]
    public void Other_transactions_change_nothing()
    {
        membership.Append(Batches.Batch(1, 1, 1));
        membership.Append(Batches.Batch(1, 2, 7));

        Assert.True(membership.IsSettled);
    }

    [Fact]
    public void A_tree_has_the_configuration_that_counts_once_one_is_recorded()
    {
        membership.Reset(ZnodeTree.Empty);
        Assert.True(Decide(1, 2));

        var edit = ZnodeTree.Empty.Edit();
        foreach (var txn in TxnCodec.Decode(Change(1, 5, 4, 5, 6)))
            edit.Apply(txn);
        membership.Append(Change(1, 7, 7, 8, 9));
        membership.Reset(edit.Commit());

        Assert.True(membership.IsSettled);
        Assert.True(Decide(4, 5));
        Assert.Equal(Zxid.Of(1, 5), membership.Latest.Version);
    }

    [Fact]
    public void Where_the_settings_count_the_history_does_not()
    {
        var configured = new Membership(new Ensemble([Voter(1), Voter(2), Voter(3)]));
        configured.Append(Change(1, 5, 4, 5, 6));
        configured.Commit(Zxid.Of(1, 5));

        Assert.True(configured.IsReachedBy(new ServerSet(1, 2)));
        Assert.False(configured.IsReachedBy(new ServerSet(4, 5, 6)));
    }

    [Fact]
    public void Nobody_decides_while_the_ensemble_is_not_known()
    {
        var unknown = new Membership(Ensemble.Unknown, true);

        Assert.False(unknown.IsReachedBy(new ServerSet(1, 2, 3)));
        Assert.False(unknown.CanLead(1));
    }

    [Theory]
    [InlineData("server.4=d:1:2:participant", null, null, -1, ZabError.Ok, "1 2 3 4")]
    [InlineData("server.3=d:1:2:observer,server.4=e:1:2", "1,2", null, 7, ZabError.Ok, "3o 4")]
    [InlineData(null, "3", null, 7, ZabError.Ok, "1 2")]
    [InlineData(null, "9", null, 7, ZabError.Ok, "1 2 3")]
    [InlineData("server.3=x:1:2", "3", null, 7, ZabError.Ok, "1 2 3")]
    [InlineData("server.4=d:1:2", null, "server.8=d:1:2\nserver.9=e:1:2", 7, ZabError.Ok, "8 9")]
    [InlineData(null, "3", null, 6, ZabError.BadVersion, "")]
    [InlineData(null, null, null, 7, ZabError.BadArguments, "")]
    [InlineData(null, "1,2,3", null, 7, ZabError.BadArguments, "")]
    [InlineData(null, "three", null, 7, ZabError.BadArguments, "")]
    [InlineData("4=d:1:2", null, null, 7, ZabError.BadArguments, "")]
    [InlineData("server.4=a1:1:2", null, null, 7, ZabError.BadArguments, "")]
    [InlineData("server.4=d:1", null, null, 7, ZabError.BadArguments, "")]
    [InlineData(null, null, "server.1=a:1:2:observer", 7, ZabError.BadArguments, "")]
    [InlineData(null, null, "", 7, ZabError.BadArguments, "")]
    public void A_request_says_who_joins_and_leaves_or_who_there_is(
        string? joining, string? leaving, string? members, long version, ZabError error, string expected)
    {
        var current = new Ensemble([Voter(1), Voter(2), Voter(3)], null, 7);

        Assert.Equal(
            error, Reconfiguration.Plan(new Reconfigure(joining, leaving, members, version), current, out var next));
        if (error == ZabError.Ok)
            Assert.Equal(expected, string.Join(' ', next.Select(member => $"{member.Id}{(member.Role == MemberRole.Observer ? "o" : "")}")));
    }

    [Fact]
    public void Where_votes_are_weighed_only_a_whole_ensemble_says_what_it_is_to_be()
    {
        var weighted = new Ensemble([Voter(1), Voter(2) with { Weight = 2 }, Voter(3)]);

        Assert.Equal(
            ZabError.BadArguments, Reconfiguration.Plan(new Reconfigure(null, "3", null), weighted, out _));
        Assert.Equal(
            ZabError.Ok, Reconfiguration.Plan(
                new Reconfigure(null, null, "server.1=a:1:2,server.2=b:1:2,group.1=1:2,weight.1=3"), weighted, out _));
    }

    internal static Member Voter(int id) =>
        new(id, MemberRole.Participant) { Host = $"a{id}", Port = 1, ElectionPort = 2 };

    internal static TxnBatch Change(int epoch, uint counter, params int[] voters)
    {
        var encoder = new BatchEncoder();
        var zxid = Zxid.Of(epoch, counter);
        var config = Encoding.UTF8.GetBytes(EnsembleText.Of([.. voters.Select(Voter)], zxid));
        encoder.Add(new LoggedTxn(new TxnHeader(zxid, 0, 0, 0), new ReconfigTxn(config)));
        return encoder.Finish();
    }

    private bool Decide(params int[] servers) => membership.IsReachedBy(new ServerSet(servers));
}
