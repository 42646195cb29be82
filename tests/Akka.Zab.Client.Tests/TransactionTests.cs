namespace Akka.Zab.Client.Tests;

/// <summary>Transactions: what is sent, what their handles tell, and how they say what failed.</summary>
public class TransactionTests : ClientTestKit
{
    [Fact]
    public async Task What_an_operation_gave_is_known_when_the_transaction_is_committed()
    {
        var client = await Connect();
        var transaction = client.Transaction()
            .Check("/a", 3)
            .Create("/log/e-", [1], out var created, CreateMode.PersistentSequential)
            .Set("/b", [2], out var set, 7)
            .Delete("/c");
        Assert.Equal(4, transaction.Count);
        Assert.Throws<InvalidOperationException>(() => created.Value);
        var committing = transaction.CommitAsync();
        var sent = Receive(1);
        var operations = Assert.IsType<Multi>(sent[0].Operation).Operations;
        Assert.Equal(new Check("/a", 3), operations[0]);
        var create = Assert.IsType<Create>(operations[1]);
        Assert.Equal(("/log/e-", CreateMode.PersistentSequential), (create.Path, create.Mode));
        Assert.Equal(("/b", 7), (((SetData)operations[2]).Path, ((SetData)operations[2]).Version));
        Assert.Equal(new Delete("/c"), operations[3]);
        Answer(sent, new MultiReply([
            DoneReply.Instance, new CreatedReply("/log/e-0000000004", default),
            new StatReply(default(Stat) with { Version = 8 }), DoneReply.Instance]));
        await committing;
        Assert.Equal("/log/e-0000000004", created.Value.Path);
        Assert.Equal(8, set.Value.Version);
    }

    [Fact]
    public async Task A_failure_names_the_operation_with_path_and_code_and_nothing_is_known()
    {
        var client = await Connect();
        var committing = client.Transaction().Create("/a", [], out var created).Set("/b", []).Check("/c").CommitAsync();
        Answer(Receive(1), new MultiReply(
            [
                new ErrorReply(ZabError.Ok), new ErrorReply(ZabError.NoNode),
                new ErrorReply(ZabError.RuntimeInconsistency),
            ], ZabError.NoNode));
        var failure = await Assert.ThrowsAsync<ZabMultiException>(() => committing);
        Assert.Equal((1, "/b", ZabError.NoNode), (failure.Operation, failure.Path, failure.Error));
        Assert.Equal("/b", Assert.IsType<NoNodeException>(failure.InnerException).Path);
        Assert.Equal(
            "Operation 2 of 3 failed, nothing was done. /b: The znode does not exist.", failure.Message);
        Assert.Throws<InvalidOperationException>(() => created.Value);
    }

    [Fact]
    public async Task It_is_sent_once_whatever_happens()
    {
        var client = await Connect();
        var transaction = client.Transaction().Set("/a", []);
        var committing = transaction.CommitAsync();
        Receive(1);
        LetGo();
        await Assert.ThrowsAsync<ConnectionLossException>(() => committing);
        await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.CommitAsync());
        Assert.Throws<InvalidOperationException>(() => transaction.Delete("/b"));
        Accept();
        _ = client.ExistsAsync("/a");
        Assert.IsType<Exists>(Sent().Operation);
    }
}
