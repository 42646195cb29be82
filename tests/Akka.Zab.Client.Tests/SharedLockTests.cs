using System.Text;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Tests;

/// <summary>What a shared lock asks the servers, and in which order.</summary>
public class SharedLockTests : ClientTestKit
{
    private const string Line = "/s/";

    [Fact]
    public async Task Who_was_let_through_to_write_and_did_not_hear_of_it_does_not_wait_for_readers_that_wait_for_him()
    {
        var connecting = ZabClient.ConnectAsync(Sys, [], new ZabClientOptions { Time = new ManualTime() });
        Gateway.ExpectMsg<Connect>();
        Accept();
        var acquiring = new ZabSharedLock(await connecting, "/s").AcquireUpgradeableAsync();
        var mine = Join(0);
        Look(mine);
        var reading = await acquiring;
        var guard = Receive(1);
        Assert.IsType<GetData>(guard[0].Operation);
        Answer(guard, new DataReply([], default));

        var upgrading = reading.UpgradeAsync();
        var upgrade = Join(3);
        // The reader waits for a writer, and is not in the way.
        Look(mine, "exclusive-a-0000000001", "shared-b-0000000002", upgrade);
        Assert.IsType<Multi>(Sent().Operation);
        LetGo();
        Accept();
        var requests = Receive(2);
        Assert.IsType<SetWatches>(requests[0].Operation);
        Assert.IsType<Sync>(requests[1].Operation);
        Answer(requests, DoneReply.Instance, new SyncReply("/"));
        // It was done, and the writer has given up since: the reader is before him, and waits for him.
        requests = Receive(1);
        Assert.Equal("/s", Assert.IsType<GetData>(requests[0].Operation).Path);
        Answer(requests, new DataReply(Encoding.UTF8.GetBytes(upgrade), new Stat { ModifiedZxid = 9 }));
        Assert.Equal(9, (await upgrading).FencingToken);
    }

    [Fact]
    public async Task Who_was_not_let_through_to_write_before_the_connection_broke_looks_again()
    {
        var connecting = ZabClient.ConnectAsync(Sys, [], new ZabClientOptions { Time = new ManualTime() });
        Gateway.ExpectMsg<Connect>();
        Accept();
        var acquiring = new ZabSharedLock(await connecting, "/s").AcquireUpgradeableAsync();
        var mine = Join(0);
        Look(mine);
        var reading = await acquiring;
        Answer(Receive(1), new DataReply([], default));
        var upgrading = reading.UpgradeAsync();
        var upgrade = Join(1);
        Look(mine, upgrade);
        Assert.IsType<Multi>(Sent().Operation);
        LetGo();
        Accept();
        Answer(Receive(2), DoneReply.Instance, new SyncReply("/"));
        Answer(Receive(1), new DataReply([], new Stat { ModifiedZxid = 4 }));
        Look(mine, upgrade);
        var letting = Receive(1);
        var operations = Assert.IsType<Multi>(letting[0].Operation).Operations;
        Assert.Equal(upgrade, Encoding.UTF8.GetString(Assert.IsType<SetData>(operations[2]).Data!));
        var done = new StatReply(new Stat { ModifiedZxid = 8 });
        Answer(letting, new MultiReply([DoneReply.Instance, DoneReply.Instance, done]));
        Assert.Equal(8, (await upgrading).FencingToken);
    }

    private string Join(int place)
    {
        var joining = Receive(1);
        var create = Assert.IsType<Create>(joining[0].Operation);
        var path = $"{create.Path}{place:D10}";
        Answer(joining, new CreatedReply(path, new Stat { CreatedZxid = 3 }));
        return path[Line.Length..];
    }

    private void Look(params string[] line)
    {
        var looking = Receive(1);
        Assert.IsType<GetChildren>(looking[0].Operation);
        Answer(looking, new ChildrenReply([.. line], new Stat { ChildrenZxid = 3 }));
    }
}
