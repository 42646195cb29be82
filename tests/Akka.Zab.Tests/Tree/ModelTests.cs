using System.Text.Json;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>The tree against <see cref="TreeModel"/>, with random requests.</summary>
public class ModelTests
{
    [Fact]
    public void Random_requests_get_the_answers_of_the_model_and_leave_its_tree()
    {
        var seen = new HashSet<string>();
        Generators.Holds(Generators.Runs, run =>
        {
            var edits = new Edits();
            var model = new TreeModel();
            model.Ask(new OpenSession(Edits.Session, [1, 2, 3], 4000), Edits.Session, edits.Zxid);
            foreach (var (request, session) in run)
            {
                var expected = model.Ask(request, session, edits.Zxid + 1);
                Same(expected, edits.Ask(request, session));
                seen.Add($"{request.GetType().Name} {Outcome(expected)}");
            }

            Same(model, edits.Tree);
        });

        // The runs were worth something only if they met every outcome.
        foreach (var (request, outcomes) in Outcomes)
        {
            foreach (var outcome in outcomes)
                Assert.Contains($"{request} {outcome}", seen);
        }
    }

    [Fact]
    public void What_an_edit_does_is_not_seen_in_a_tree_committed_before() => Generators.Holds(Generators.Runs, run =>
    {
        var edits = new Edits();
        var versions = new List<(ZnodeTree Tree, string Digest)>();
        foreach (var (request, session) in run)
        {
            edits.Ask(request, session);
            versions.Add((edits.Tree, edits.Tree.Digest()));
        }

        foreach (var (tree, digest) in versions)
            Assert.Equal(digest, tree.Digest());
    }, tests: 50);

    [Fact]
    public void Preparation_leaves_the_head_as_it_was() => Generators.Holds(Generators.Runs, run =>
    {
        var edits = new Edits();
        foreach (var (request, session) in run)
        {
            var before = edits.Tree.Digest();
            Preparation.Prepare(edits.Edit, request, new TxnHeader(edits.Zxid + 1, 0, session, 0), Identities.None);
            Assert.Equal(before, edits.Tree.Digest());
            edits.Ask(request, session);
        }
    }, tests: 50);

    [Fact]
    public void Replay_from_any_point_gives_the_same_tree() => Generators.Holds(Generators.Runs, run =>
    {
        var edits = new Edits();
        foreach (var (request, session) in run)
            edits.Ask(request, session);
        var fromStart = ZnodeTree.Empty.Edit();
        foreach (var txn in edits.Log)
            fromStart.Apply(txn);
        Assert.Equal(edits.Tree.Digest(), fromStart.Commit().Digest());

        var unanswered = ZnodeTree.Empty.Edit();
        foreach (var txn in edits.Log)
            unanswered.ApplyUnanswered(txn);
        Assert.Equal(edits.Tree.Digest(), unanswered.Commit().Digest());

        // What is in the tree already does no harm.
        var again = fromStart.Commit().Edit();
        foreach (var txn in edits.Log)
        {
            again.Apply(txn);
            again.ApplyUnanswered(txn);
        }

        Assert.Equal(edits.Tree.Digest(), again.Commit().Digest());
    }, tests: 100);

    [Fact]
    public void To_apply_a_transaction_to_any_tree_does_not_fail() => Generators.Holds(Generators.Runs, run =>
    {
        var edits = new Edits();
        foreach (var (request, session) in run)
            edits.Ask(request, session);
        var other = ZnodeTree.Empty.Edit();
        foreach (var txn in Enumerable.Reverse(edits.Log))
            other.ApplyPart(txn.Header, txn.Body);
        Assert.True(other.Commit().Count >= 4);
    }, tests: 100);

    private static readonly Identities Root = Identities.None.With(new Identity(Identities.Super, ""));

    private static readonly (string Request, ZabError[] Outcomes)[] Outcomes =
    [
        ("Create",
        [
            ZabError.Ok, ZabError.BadArguments, ZabError.Unimplemented, ZabError.InvalidAcl, ZabError.NoNode,
            ZabError.NoAuth, ZabError.NodeExists, ZabError.NoChildrenForEphemerals, ZabError.SessionExpired,
        ]),
        ("Delete", [ZabError.Ok, ZabError.BadArguments, ZabError.NoNode, ZabError.BadVersion, ZabError.NotEmpty]),
        ("SetData", [ZabError.Ok, ZabError.BadArguments, ZabError.NoNode, ZabError.NoAuth, ZabError.BadVersion]),
        ("Multi", [ZabError.Ok, ZabError.MarshallingError, ZabError.NoNode, ZabError.NodeExists, ZabError.BadVersion]),
        ("SetAcl",
        [
            ZabError.Ok, ZabError.BadArguments, ZabError.InvalidAcl, ZabError.NoNode, ZabError.NoAuth, ZabError.BadVersion,
        ]),
        ("OpenSession", [ZabError.Ok, ZabError.SessionExpired]),
        ("CloseSession", [ZabError.Ok, ZabError.SessionExpired]),
        ("Check", [ZabError.Unimplemented]),
    ];

    private static ZabError Outcome(Reply reply) => reply switch
    {
        ErrorReply error => error.Error,
        MultiReply multi => multi.Error,
        _ => ZabError.Ok,
    };

    internal static void Same(Reply expected, Reply actual)
    {
        Assert.IsType(expected.GetType(), actual);
        Assert.Equal(Text(expected), Text(actual));
    }

    private static string Text(Reply reply) => reply is MultiReply multi
        ? multi.Error + string.Concat(multi.Results.Select(Text))
        : JsonSerializer.Serialize(reply, reply.GetType());

    private static void Same(TreeModel model, ZnodeTree tree)
    {
        var paths = model.Paths.ToList();
        Assert.Equal(paths.Count, tree.Count);
        foreach (var path in paths)
        {
            var stat = model.StatOf(path);
            Assert.Equal(new StatReply(stat), tree.Read(new Exists(path), Root));
            Assert.Equal(model.AclOf(path).Distinct(), Assert.IsType<AclReply>(tree.Read(new GetAcl(path), Root)).Acl);
            var data = Assert.IsType<DataReply>(tree.Read(new GetData(path), Root));
            Assert.Equal(model.DataOf(path), data.Data);
            Assert.Equal(new CountReply(model.DescendantsOf(path)), tree.Read(new GetAllChildrenNumber(path), Root));
            Assert.Equal(stat, data.Stat);
            var children = Assert.IsType<ChildrenReply>(tree.Read(new GetChildren(path), Root));
            Assert.Equal(model.ChildrenOf(path), children.Names);
            Assert.Equal(stat, children.Stat);
        }

        Assert.Equal(paths.Sum(p => (long)(model.DataOf(p)?.Length ?? 0)), tree.DataBytes);
        Assert.Equal(paths.Count(p => model.StatOf(p).EphemeralOwner != 0), tree.EphemeralCount);
        Assert.Equal(model.Sessions.Count, tree.SessionCount);
        foreach (var (id, record) in model.Sessions)
        {
            Assert.True(tree.TryGetSession(id, out var session));
            Assert.Equal(record.Secret, session.Secret);
            Assert.Equal(record.TimeoutMs, session.TimeoutMs);
            Assert.Equal(model.EphemeralsOf(id), tree.EphemeralsOf(id));
        }
    }
}
