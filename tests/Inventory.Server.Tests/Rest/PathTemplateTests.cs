using Inventory.Server.Rest.Routing;
using NUnit.Framework;

namespace Inventory.Server.Tests.Rest;

public sealed class PathTemplateTests
{
    [TestCase("/v1/items/{item}", "/v1/items/a%2Fb", "a/b")]
    [TestCase("/v1/items/{item}", "/v1/items/a:b?c=d", "a:b")]
    [TestCase("/v1/r/{id}:confirm", "/v1/r/a:b:confirm", "a:b")]
    [TestCase("/v1/r/{id}:confirm", "/v1/r/a%3Aconfirm", null)]
    [TestCase("/v1/r/{id}:confirm", "/v1/r/:confirm", null)]
    [TestCase("/v1/i:add", "/v1/i:add", "")]
    [TestCase("/v1/i:add", "/v1/i", null)]
    [TestCase("/v1/{a}/x/{b}", "/v1/1/x/2", "1|2")]
    [TestCase("/v1/{name=shelves/*}/books", "/v1/shelves/7/books", "shelves/7")]
    [TestCase("/v1/{name=shelves/*}/books", "/v1/rooms/7/books", null)]
    [TestCase("/v1/files/{path=**}", "/v1/files/a/b/c", "a/b/c")]
    [TestCase("/v1/files/{path=**}", "/v1/files", "")]
    [TestCase("/v1/{a.b}", "/v1/c", "c")]
    [TestCase("/v1/*/x", "/v1/any/x", "")]
    [TestCase("/v1/items/{item}", "/v1/items/", null)]
    [TestCase("/v1/items/{item}", "http://host/v1/items/a", "a")]
    public void A_template_takes_the_paths_of_its_shape(string template, string target, string? values)
    {
        Assert.That(RequestPath.TryParse(target, out var path), Is.True);

        var match = new PathTemplate(template).Match(path!);

        Assert.That(match is null ? null : string.Join('|', match), Is.EqualTo(values));
    }

    [Test]
    public void Literals_go_before_variables_and_verbs_before_none()
    {
        string[] ordered =
        [
            "/v1/a/b/c",
            "/v1/a/{x}/c",
            "/v1/a/{x}/{y}",
            "/v1/{x}/b",
            "/v1/{x}/{y}:go",
            "/v1/{x}/{y}",
            "/v1/{x=**}",
        ];

        var sorted = ordered.Reverse().Select(t => new PathTemplate(t)).Order().Select(t => t.Text);

        Assert.That(sorted, Is.EqualTo(ordered));
    }

    [TestCase("v1/items")]
    [TestCase("/v1//items")]
    [TestCase("/v1/{x=**}/more")]
    public void What_is_no_template_is_found_at_the_start(string text)
    {
        Assert.That(() => new PathTemplate(text), Throws.TypeOf<FormatException>());
    }
}
