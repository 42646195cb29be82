using Akka.Zab.Client;

namespace Akka.Zab.Simulation.Checking;

/// <summary>Histories of which it is known whether they are linearizable. Sessions are numbers, moments too.</summary>
public class LinearizabilityTests
{
    private readonly List<Operation> operations = [];

    [Fact]
    public void A_history_without_operations_is_linearizable() => AssertLinearizable(true);

    [Fact]
    public void A_read_that_began_after_a_write_had_returned_shows_it()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Read("/a", 1, version: 0, by: 2, from: 2, to: 3);

        AssertLinearizable(true);
    }

    [Fact]
    public void A_read_that_began_after_a_write_had_returned_must_not_show_what_was_before()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Set("/a", 2, version: 1, by: 1, from: 2, to: 3);
        Read("/a", 1, version: 0, by: 2, from: 4, to: 5);

        AssertLinearizable(false);
    }

    [Fact]
    public void A_read_during_a_write_may_show_either()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Set("/a", 2, version: 1, by: 1, from: 2, to: 9);
        Read("/a", 1, version: 0, by: 2, from: 3, to: 4);
        Read("/a", 2, version: 1, by: 2, from: 5, to: 6);

        AssertLinearizable(true);
    }

    [Fact]
    public void Once_a_read_has_shown_a_write_no_later_read_shows_what_was_before()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Set("/a", 2, version: 1, by: 1, from: 2, to: 9);
        Read("/a", 2, version: 1, by: 2, from: 3, to: 4);
        Read("/a", 1, version: 0, by: 3, from: 5, to: 6);

        AssertLinearizable(false);
    }

    [Fact]
    public void Two_writers_cannot_both_have_changed_the_same_version()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Add(1, 2, 9, new SetData("/a", Values.Of(2), 0), new StatReply(new Stat { Version = 1 }));
        Add(2, 3, 8, new SetData("/a", Values.Of(3), 0), new StatReply(new Stat { Version = 1 }));

        AssertLinearizable(false);
    }

    [Fact]
    public void One_of_two_writers_of_the_same_version_is_refused()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Add(1, 2, 9, new SetData("/a", Values.Of(2), 0), new ErrorReply(ZabError.BadVersion));
        Add(2, 3, 8, new SetData("/a", Values.Of(3), 0), new StatReply(new Stat { Version = 1 }));

        AssertLinearizable(true);
    }

    [Fact]
    public void A_refusal_without_a_reason_is_noticed()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Add(2, 2, 3, new Create("/a/b", [], Acl.Open), new ErrorReply(ZabError.NoNode));

        AssertLinearizable(false);
    }

    [Fact]
    public void A_write_without_an_answer_may_take_effect_late()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Unanswered(1, 2, new SetData("/a", Values.Of(2)));
        Read("/a", 1, version: 0, by: 2, from: 10, to: 11);
        Read("/a", 2, version: 1, by: 2, from: 20, to: 21);

        AssertLinearizable(true);
    }

    [Fact]
    public void A_write_without_an_answer_may_never_take_effect()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Unanswered(1, 2, new SetData("/a", Values.Of(2)));
        Read("/a", 1, version: 0, by: 2, from: 10, to: 11);

        AssertLinearizable(true);
    }

    [Fact]
    public void A_write_without_an_answer_takes_effect_once_at_most()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Unanswered(1, 2, new SetData("/a", Values.Of(2)));
        Read("/a", 2, version: 1, by: 2, from: 10, to: 11);
        Read("/a", 2, version: 2, by: 2, from: 12, to: 13);

        AssertLinearizable(false);
    }

    [Fact]
    public void A_write_without_an_answer_takes_no_effect_after_a_later_one_of_its_session()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Unanswered(1, 2, new SetData("/a", Values.Of(2)));
        Set("/a", 3, version: 1, by: 1, from: 4, to: 5);
        Read("/a", 2, version: 2, by: 2, from: 10, to: 11);

        AssertLinearizable(false);
    }

    [Fact]
    public void The_end_of_a_session_deletes_its_ephemerals_at_one_moment()
    {
        Add(1, 0, 1, new Create("/e1", [], Acl.Open, CreateMode.Ephemeral), new CreatedReply("/e1", default));
        Add(1, 2, 3, new Create("/e2", [], Acl.Open, CreateMode.Ephemeral), new CreatedReply("/e2", default));
        operations.Add(new Operation(1, 0, Operation.Never, new CloseSession(), null, Outcome.Unknown) { Lane = ~1 });
        Add(2, 10, 11, new GetChildren("/"), new ChildrenReply(["e1", "zookeeper"], default));

        AssertLinearizable(false);

        operations[^1] = operations[^1] with { Reply = new ChildrenReply(["zookeeper"], default) };
        AssertLinearizable(true);
    }

    [Fact]
    public void A_multi_is_one_operation()
    {
        Add(
            1, 0, 9, new Multi([new Create("/a", [], Acl.Open), new Create("/b", [], Acl.Open)]),
            new MultiReply([new CreatedReply("/a", default), new CreatedReply("/b", default)]));
        Add(2, 2, 3, new Exists("/a"), new StatReply(default));
        Add(2, 4, 5, new Exists("/b"), new ErrorReply(ZabError.NoNode));

        AssertLinearizable(false);
    }

    [Fact]
    public void Sequential_names_count_every_creation()
    {
        var create = new Create("/q-", [], Acl.Open, CreateMode.PersistentSequential);
        Add(1, 0, 5, create, new CreatedReply("/q-0000000001", default));
        Add(2, 1, 4, create, new CreatedReply("/q-0000000000", default));
        AssertLinearizable(true);

        Add(3, 6, 7, create, new CreatedReply("/q-0000000001", default));
        AssertLinearizable(false);
    }

    [Fact]
    public void Parts_of_the_tree_that_have_nothing_to_do_with_each_other_are_checked_apart()
    {
        for (var i = 0; i < 5; i++)
        {
            Create($"/{i}", i + 1, by: i, from: 0, to: 9);
            Add(i, 10, 11, new Create($"/{i}/x", [], Acl.Open), new CreatedReply($"/{i}/x", default));
        }

        Assert.Equal(5, Partition.Of(operations).Count);

        Add(9, 12, 13, new Multi([new Delete("/0/x"), new Delete("/1/x")]), new MultiReply([]));
        Assert.Equal(4, Partition.Of(operations).Count);

        Add(9, 14, 15, new GetChildren("/"), new ChildrenReply([], default));
        Assert.Single(Partition.Of(operations));
    }

    /// <summary>Twelve writers at once, of whom two have the same version: every state is met once.</summary>
    [Fact]
    public void Concurrency_is_no_explosion()
    {
        Create("/a", 1, by: 0, from: 0, to: 1);
        for (var i = 1; i <= 12; i++)
        {
            var version = i == 12 ? 11 : i;
            Add(i, 10 + i, 100 - i, new SetData("/a", Values.Of(7)), new StatReply(new Stat { Version = version }));
        }

        var result = Linearizability.Check(operations);

        Assert.False(result.IsLinearizable);
        Assert.InRange(result.States, 1, 1 << 13);
    }

    [Fact]
    public void A_search_that_takes_too_long_is_given_up_and_says_so()
    {
        for (var i = 0; i < 20; i++)
            Unanswered(i, i, new Create($"/a{i}", [], Acl.Open));
        Add(99, 100, 101, new GetData("/b"), new DataReply([], default));

        Assert.Null(Linearizability.Check(operations, limit: 1000).IsLinearizable);
    }

    [Fact]
    public void What_cannot_be_explained_is_named()
    {
        Create("/a", 1, by: 1, from: 0, to: 1);
        Read("/a", 5, version: 3, by: 2, from: 2, to: 3);

        var found = Assert.Single(ClientChecks.Linearizable(operations));

        Assert.Contains("GetData /a -> 5 version 3; expected 1 version 0", found.What, StringComparison.Ordinal);
    }

    private void AssertLinearizable(bool expected) =>
        Assert.Equal(expected, Linearizability.Check(operations).IsLinearizable);

    private void Create(string path, long value, int by, long from, long to) =>
        Add(by, from, to, new Create(path, Values.Of(value), Acl.Open), new CreatedReply(path, default));

    private void Set(string path, long value, int version, int by, long from, long to) => Add(
        by, from, to, new SetData(path, Values.Of(value)), new StatReply(new Stat { Version = version }));

    private void Read(string path, long value, int version, int by, long from, long to) => Add(
        by, from, to, new GetData(path), new DataReply(Values.Of(value), new Stat { Version = version }));

    private void Add(int by, long from, long to, Request request, Reply reply) =>
        operations.Add(new Operation(by, from, to, request, reply, Outcome.Answered));

    private void Unanswered(int by, long from, Request request) =>
        operations.Add(new Operation(by, from, Operation.Never, request, null, Outcome.Unknown));
}
