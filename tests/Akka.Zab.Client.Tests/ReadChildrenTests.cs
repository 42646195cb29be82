namespace Akka.Zab.Client.Tests;

/// <summary>Long lists of children, of which the parts may come from different servers.</summary>
public class ReadChildrenTests : ClientTestKit
{
    private readonly List<string> _names = [];

    [Fact]
    public async Task Names_come_page_by_page()
    {
        var reading = ReadAsync(await Connect());
        Answer(Expect(new GetChildrenPage("/p", null, 2)), new ChildrenPageReply(["a", "b"], default, true));
        Answer(Expect(new GetChildrenPage("/p", "b", 2)), new ChildrenPageReply(["d"], default, false));
        await reading;
        Assert.Equal(["a", "b", "d"], _names);
    }

    [Fact]
    public async Task No_name_is_told_twice_or_left_out_when_the_next_server_has_no_pages()
    {
        var reading = ReadAsync(await Connect());
        Answer(Expect(new GetChildrenPage("/p", null, 2)), new ChildrenPageReply(["a", "b"], default, true));
        Expect(new GetChildrenPage("/p", "b", 2));
        LetGo();
        Accept();
        Answer(Expect(new GetChildrenPage("/p", "b", 2)), new ErrorReply(ZabError.Unimplemented));
        Answer(Expect(new GetChildren("/p")), new ChildrenReply(["a", "b", "b0", "c"], default));
        await reading;
        Assert.Equal(["a", "b", "b0", "c"], _names);
    }

    [Fact]
    public async Task A_server_without_pages_tells_all_names_at_once()
    {
        var reading = ReadAsync(await Connect());
        Answer(Expect(new GetChildrenPage("/p", null, 2)), new ErrorReply(ZabError.Unimplemented));
        Answer(Expect(new GetChildren("/p")), new ChildrenReply(["a", "b", "c"], default));
        await reading;
        Assert.Equal(["a", "b", "c"], _names);
    }

    private async Task ReadAsync(ZabClient client)
    {
        await foreach (var name in client.ReadChildrenAsync("/p", pageSize: 2)) _names.Add(name);
    }

    private List<NumberedRequest> Expect(Request request)
    {
        var sent = Receive(1);
        Assert.Equal(request, sent[0].Operation);
        return sent;
    }
}
