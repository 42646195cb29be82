using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

public class ProposerTests
{
    private const long Session = 0x100000000000001;
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    private readonly Proposer proposer = new(ZnodeTree.Empty, epoch: 4);
    private Reply? answer;

    [Fact]
    public void Transactions_of_an_epoch_count_from_one()
    {
        Assert.Equal(JudgedAs.SessionOpened, Open());
        Assert.Equal(JudgedAs.Transaction, Judge(1, new Create("/a", [], Acl.Open)));

        var batch = proposer.TakeBatch(out _);

        Assert.Equal((Zxid.Of(4, 1), Zxid.Of(4, 2)), (batch.FirstZxid, batch.LastZxid));
        Assert.Equal(batch.LastZxid, proposer.Last);
        Assert.False(proposer.HasBatch);
    }

    [Fact]
    public void A_write_is_judged_against_what_was_proposed_before_it()
    {
        Open();
        Judge(1, new Create("/a", [], Acl.Open));

        Assert.Equal(JudgedAs.Answered, Judge(1, new Create("/a", [], Acl.Open)));
        Assert.Equal(ZabError.NodeExists, Assert.IsType<ErrorReply>(answer).Error);
        Assert.Equal(Zxid.Of(4, 2), proposer.Last);
    }

    [Fact]
    public void A_head_that_is_renewed_holds_what_was_proposed()
    {
        Open();
        Judge(1, new Create("/a", [], Acl.Open));
        var committed = ZnodeTree.Empty.Edit();
        foreach (var txn in TxnCodec.Decode(proposer.TakeBatch(out _)))
            committed.Apply(txn);
        Judge(1, new Create("/b", [], Acl.Open));
        Judge(1, new SetData("/a", [1], 0));
        var since = proposer.TakeBatch(out _);

        Assert.Throws<InvariantViolatedException>(() => proposer.Renew(committed.Commit(), []));
        proposer.Renew(committed.Commit(), [since]);

        foreach (var refused in new WriteRequest[] { new Create("/b", [], Acl.Open), new SetData("/a", [], 0) })
            Assert.Equal(JudgedAs.Answered, Judge(1, refused));
        Assert.Equal(JudgedAs.Transaction, Judge(1, new Delete("/b")));
        Assert.Equal(Zxid.Of(4, 5), proposer.Last);
        Assert.Throws<InvariantViolatedException>(() => proposer.Renew(committed.Commit(), [since]));
    }

    [Fact]
    public void A_session_that_is_not_open_is_expired()
    {
        Assert.Equal(JudgedAs.Answered, Judge(1, new Delete("/a")));
        Assert.Equal(ZabError.SessionExpired, Assert.IsType<ErrorReply>(answer).Error);
    }

    [Fact]
    public void A_write_from_a_server_that_the_session_has_left_is_refused()
    {
        Open();

        Assert.Equal(JudgedAs.Answered, Judge(2, new Delete("/a")));
        Assert.Equal(ZabError.SessionMoved, Assert.IsType<ErrorReply>(answer).Error);

        Assert.Equal(JudgedAs.SessionAttached, Judge(2, new ReattachSession(Session, Secret, 5000)));
        Assert.Equal(new SessionReply(Session, Secret, 5000), answer);
        Judge(2, new Delete("/a"));
        Assert.Equal(ZabError.NoNode, Assert.IsType<ErrorReply>(answer).Error);
        Judge(1, new Delete("/a"));
        Assert.Equal(ZabError.SessionMoved, Assert.IsType<ErrorReply>(answer).Error);
    }

    [Fact]
    public void After_an_election_the_first_server_that_speaks_for_a_session_owns_it()
    {
        var head = ZnodeTree.Empty.Edit();
        head.Apply(new LoggedTxn(new TxnHeader(Zxid.Of(3, 1), 0, Session, 1), new OpenSessionTxn(Secret, 4000)));
        var later = new Proposer(head.Commit(), epoch: 5);

        Assert.Equal(JudgedAs.Transaction, later.Judge(
            new OriginWrite(3, Session, 1, new Create("/a", [], Acl.Open)), 0, out _));
        Assert.Equal(JudgedAs.Answered, later.Judge(new OriginWrite(2, Session, 2, new Delete("/a")), 0, out answer));
        Assert.Equal(ZabError.SessionMoved, Assert.IsType<ErrorReply>(answer).Error);
    }

    [Fact]
    public void Reattachment_needs_the_secret()
    {
        Open();

        Assert.Equal(JudgedAs.Answered, Judge(2, new ReattachSession(Session, new byte[16], 5000)));
        Assert.Equal(ZabError.SessionExpired, Assert.IsType<ErrorReply>(answer).Error);
        Assert.Equal(JudgedAs.Answered, Judge(2, new ReattachSession(Session, [], 5000)));
        Assert.Equal(JudgedAs.Transaction, Judge(1, new Create("/a", [], Acl.Open)));
    }

    [Fact]
    public void After_its_close_a_session_is_expired()
    {
        Open();

        Assert.Equal(JudgedAs.SessionClosed, Judge(1, new CloseSession()));
        Assert.Equal(JudgedAs.Answered, Judge(1, new Create("/a", [], Acl.Open)));
        Assert.Equal(ZabError.SessionExpired, Assert.IsType<ErrorReply>(answer).Error);
    }

    [Fact]
    public void The_ensemble_may_close_any_session_and_only_once()
    {
        Open();

        Assert.Equal(JudgedAs.SessionClosed, Expire());
        Assert.Equal(JudgedAs.Dropped, Expire());

        JudgedAs Expire() => proposer.Judge(new OriginWrite(2, Session, 0, new CloseSession()), 0, out answer);
    }

    [Fact]
    public void A_local_session_writes_on_its_server_s_word_and_owns_nothing()
    {
        Assert.Equal(JudgedAs.Transaction, Local(new Create("/a", [], Acl.Open)));
        Assert.Equal(JudgedAs.ToBeConfirmed, Local(new Sync("/")));
        Assert.Equal(JudgedAs.Answered, Local(new Create("/e", [], Acl.Open, CreateMode.Ephemeral)));
        Assert.Equal(ZabError.EphemeralOnLocalSession, Assert.IsType<ErrorReply>(answer).Error);
        Assert.Equal(JudgedAs.Answered, Local(new Multi(
            [new Create("/b", [], Acl.Open), new Create("/e", [], Acl.Open, CreateMode.EphemeralSequential)])));
        var multi = Assert.IsType<MultiReply>(answer);
        Assert.Equal(
            [ZabError.Ok, ZabError.EphemeralOnLocalSession], multi.Results.Select(result => ((ErrorReply)result).Error));
        Assert.Equal(ZabError.EphemeralOnLocalSession, multi.Error);
        Local(new Multi([new Delete("/none"), new Create("/e", [], Acl.Open, CreateMode.Ephemeral)]));
        Assert.Equal(ZabError.NoNode, Assert.IsType<MultiReply>(answer).Error);
        Assert.Equal(JudgedAs.Answered, Judge(1, new Delete("/a")));
        Assert.Equal(ZabError.SessionExpired, Assert.IsType<ErrorReply>(answer).Error);

        JudgedAs Local(WriteRequest request) =>
            proposer.Judge(new OriginWrite(1, Session, 7, request, Local: true), 0, out answer);
    }

    [Fact]
    public void An_upgraded_session_owns_what_it_makes_next_and_belongs_to_the_server_that_upgraded_it()
    {
        Assert.Equal(JudgedAs.SessionOpened, proposer.Judge(
            new OriginWrite(2, Session, 0, new OpenSession(Session, Secret, 4000)), 0, out answer));
        Assert.Equal(JudgedAs.Transaction, Judge(2, new Create("/e", [], Acl.Open, CreateMode.Ephemeral)));
        Assert.Equal(JudgedAs.Answered, Judge(1, new Delete("/e")));
        Assert.Equal(ZabError.SessionMoved, Assert.IsType<ErrorReply>(answer).Error);
        Assert.Equal(JudgedAs.SessionAttached, Judge(3, new ReattachSession(Session, Secret, 4000)));
    }

    [Fact]
    public void A_sync_waits_for_the_quorum()
    {
        Open();

        Assert.Equal(JudgedAs.ToBeConfirmed, Judge(1, new Sync("/x")));
        Assert.Equal(new SyncReply("/x"), answer);
    }

    private JudgedAs Open() => Judge(1, new OpenSession(Session, Secret, 4000));

    private JudgedAs Judge(int origin, WriteRequest request) =>
        proposer.Judge(new OriginWrite(origin, Session, 7, request), 1000, out answer);
}
